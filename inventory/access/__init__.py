"""Access: who may do what (permissions), which rows (scope), and the guard of the views."""
