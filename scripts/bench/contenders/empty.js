// Bare Node, with the loader of ES modules.
