"""The section Map: stages and touchpoints with figures, each touchpoint by itself, editing in place, history and undo."""
