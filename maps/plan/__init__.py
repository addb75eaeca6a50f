"""The plan: from gaps to the best use of a budget, with its proof, its reasons and its recount."""
