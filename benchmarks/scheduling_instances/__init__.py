"""The published benchmark of meeting scheduling (Bofill et al., JAIR 74, 2022): its cases, run and checked."""
