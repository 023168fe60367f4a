// Command nRtmpRenderer is the DirectShow renderer filter nRtmpRenderer.ax: a DLL
// for Windows, built by `make filter`. All of it stands in internal/dshow; on
// other systems this program is empty.
package main

func main() {}
