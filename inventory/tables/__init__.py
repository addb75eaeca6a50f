"""Tables of the inventory: columns and constraints, no rules. Import `all_tables` to load every one."""
