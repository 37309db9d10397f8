from . import (
    test_access,
    test_customers,
    test_faults,
    test_fidelity,
    test_lines,
    test_once,
    test_products,
    test_queues,
    test_real_documents,
    test_risk_and_kinds,
    test_speed,
    test_workflow_choice,
)
