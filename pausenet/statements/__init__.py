"""What can be said: frozen values, one kind a module, one encoder and one decoder."""
