"""Bearer tokens: decoded, checked in Amazon's order, each check kept with what it compared."""
