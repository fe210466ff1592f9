"""What every flow needs: settings, resources, outcome, parameters, progress."""
