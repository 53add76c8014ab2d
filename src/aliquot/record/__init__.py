"""The public record as data: TOML files, each fact with its source."""
