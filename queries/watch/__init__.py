"""The watch: its file, what is wrong with one, a first draft of one."""
