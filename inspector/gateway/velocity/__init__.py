"""The template language of mapping templates: Apache Velocity 1.7, as Amazon runs it."""
