package network

// ProxyError is what a proxy says, or does, instead of connecting.
type ProxyError struct {
	// Reason says it, and what to do.
	Reason string
	// Kind tells what may help.
	Kind ProxyErrorKind
}

// ProxyErrorKind says what may help against a ProxyError.
type ProxyErrorKind uint8

// The kinds of a ProxyError.
const (
	ProxyBroken      ProxyErrorKind = iota // it speaks something else: nothing helps
	ProxyLogin                             // other credentials help
	ProxyForbids                           // another port may be allowed
	ProxyUnreachable                       // it could not reach the server: later, or another port
)

// Error returns the reason.
func (e *ProxyError) Error() string { return e.Reason }
