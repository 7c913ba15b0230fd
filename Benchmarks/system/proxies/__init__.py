"""One file for each proxy: how it is configured and started, with one worker."""
