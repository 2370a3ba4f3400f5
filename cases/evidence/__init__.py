"""Evidence: what a file really is, where it is kept, how it is shown. Which case it speaks for is the case's
affair.
"""
