"""Background work: refresh, answers worked out ahead, keeping the lake tidy, imports."""
