"""Behind `distretti parked`: the services' stores, and how entries are shown."""
