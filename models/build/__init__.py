"""How the model files were made from the npm package: ``python -m models.build``. Not part of the wheel."""
