"""The demo's invented company: its customers, its invoices and what has happened to them. None of it is real."""
