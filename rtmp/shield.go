package rtmp

import (
	"errors"
	"runtime/debug"
)

// errFault is what a caller hears of a panic of ours; the log has the stack. What
// the panic said may hold a secret.
var errFault = errors.New("an internal fault: please report it with the log at trace level 3")

// shielded ends the session instead of the program when a loop of ours panics:
// the program is somebody else's, and on air.
func (c *Conn) shielded(loop func()) func() {
	return func() {
		defer func() {
			if p := recover(); p != nil {
				c.cfg.Logger.Error("internal fault", "server", c.addr, "stack", string(debug.Stack()))
				c.end(c.opError(errFault))
				c.Abort()
			}
		}()
		loop()
	}
}
