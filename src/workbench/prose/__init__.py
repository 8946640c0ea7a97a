"""Reading what a learner has written in words; `propositions` says what it comes to."""
