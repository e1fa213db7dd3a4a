"""Who is told what when something happens. Pure: facts come in, notices go out."""
