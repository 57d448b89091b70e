"""What an agreement's terms amount to: told in words, checked, compared."""
