"""What evidence means. Pure: no input or output, no clock and no chance of its own."""
