"""What people may ask of whoever holds their data: to have it erased, and to be handed it."""
