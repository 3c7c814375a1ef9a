"""England as it comes with the product: any children's services authority opens as a place."""
