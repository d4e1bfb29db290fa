"""Money: invoices on their dates, each number once; payments, each counted once; reminders, each stage once.

`invoices` make, number, take back · `post` has them leave · `payments` count what comes · `plans` agreed dates ·
`dunning` reminders · `turn` what the flow does · `paper` how an invoice looks · `bank` a bank's file."""
