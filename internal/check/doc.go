// Package check looks at a server step by step, as a publisher would meet it,
// and says which step fails and what to do about it. It leaves nothing on the
// server but a short publish.
package check
