"""Need and reach of every authority in England: cut into authorities, worked out apart, put together again."""
