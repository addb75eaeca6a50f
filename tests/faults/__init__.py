"""Faults on purpose: real server processes killed under load, databases killed, disks filled, forms
pressed many times at once. What was acknowledged must be there afterwards, once, with its line.
"""
