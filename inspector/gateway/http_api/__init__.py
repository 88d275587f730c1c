"""HTTP APIs: their own chain of stages, over the same effects, trace and answer as REST APIs."""
