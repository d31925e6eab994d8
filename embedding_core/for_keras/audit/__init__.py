"""stub"""
def audit(model): return None
