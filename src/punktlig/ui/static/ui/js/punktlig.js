// One small module per behaviour; each attaches itself to the elements that carry its data attribute.
