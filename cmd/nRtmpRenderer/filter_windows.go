//go:build windows && cgo

package main

import _ "rtmpwriter/internal/dshow/seam" // the filter: COM calls it, not main
