"""An inventory without functions: templates straight to DynamoDB and SQS."""
