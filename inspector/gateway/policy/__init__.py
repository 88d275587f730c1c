"""IAM policy documents as Amazon evaluates them: who may do what, and which statement says so."""
