"""From the contract of the host to the package `ilt`: names, types, and a method for every operation."""
