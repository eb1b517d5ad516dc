"""One module for each version of the database. A version that was released is never changed."""
