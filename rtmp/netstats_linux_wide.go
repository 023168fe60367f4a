//go:build linux && !386

package rtmp

import "syscall"

const sysGetsockopt = syscall.SYS_GETSOCKOPT
