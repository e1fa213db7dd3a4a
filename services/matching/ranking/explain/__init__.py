"""Why a suggestion, why not higher, and its arithmetic again."""
