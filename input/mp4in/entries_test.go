package mp4in

var aacLC = []byte{0x11, 0x90} // 48 kHz, stereo

// avcC has one made-up parameter set of each kind.
func avcC(level byte) []byte {
	return bx("avcC", []byte{1, 66, 0, level, 0xff, 0xe1, 0, 4, 0x67, 66, 0, level, 1, 0, 3, 0x68, 1, 2})
}

func avc1() []byte { return visual("avc1", avcC(30)) }

func visual(code string, children ...any) []byte {
	head := []any{zeros(6), uint16(1), zeros(16), uint16(640), uint16(360), 72 << 16, 72 << 16, 0, uint16(1), zeros(32), uint16(24), uint16(0xffff)}
	return bx(code, append(head, children...)...)
}

// esds wraps an AudioSpecificConfig.
func esds(object byte, config []byte) []byte {
	specific := append([]byte{5, byte(len(config))}, config...)
	decoder := append([]byte{4, byte(13 + len(specific)), object, 0x15, 0, 0, 0, 0, 1, 0xf4, 0, 0, 1, 0xf4, 0}, specific...)
	return bx("esds", 0, []byte{3, byte(3 + len(decoder)), 0, 1, 0}, decoder)
}

func mp4a(config []byte) []byte { return sound("mp4a", esds(0x40, config)) }

func sound(code string, children ...any) []byte {
	head := []any{zeros(6), uint16(1), zeros(8), uint16(2), uint16(16), 0, uint32(48000 << 16)}
	return bx(code, append(head, children...)...)
}

func zeros(n int) []byte { return make([]byte, n) }
