"""The proof from outside: clients, trouble and a checker that share no code with the product.

Python's standard library only. What is known of the product is its REST contract, its tables and the words of its journal.
"""
