//! What is drawn, written and configured, held against the code.

mod architecture;
mod deployment;
mod operations;
