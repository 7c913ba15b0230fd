"""The gRPC calls of `grpc_calls.py`, a module a subject."""
