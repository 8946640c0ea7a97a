"""What people read of a class: a page for each learner, one of everybody, one to decide on."""
