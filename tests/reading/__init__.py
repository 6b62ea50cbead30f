"""Tests of the reader on whole sentences."""
