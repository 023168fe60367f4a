// Package soak holds the endurance test: several publishers at once, over real
// sockets and a proxy that does harm, for as long as `make soak` says, and for some
// seconds among the unit tests. It has nothing but tests. docs/reliability.md shows the curves of a long run.
package soak
