"""What happens after the answer to the webhook: one module per kind of job, and the process that runs them."""
