"""What the worker of the receivables site does and when: every few seconds, and at once when an action nudges it."""
