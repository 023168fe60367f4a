package h264

// maxDPBFrames bounds the decoded picture buffer at every level (A.3.1).
const maxDPBFrames = 16

// dpbMBs is MaxDpbMbs by level_idc (table A-1).
var dpbMBs = map[uint8]int{
	9: 396, 10: 396, 11: 900, 12: 2376, 13: 2376,
	20: 2376, 21: 4752, 22: 8100,
	30: 8100, 31: 18000, 32: 20480,
	40: 32768, 41: 32768, 42: 34816,
	50: 110400, 51: 184320, 52: 184320,
	60: 696320, 61: 696320, 62: 696320,
}

// ReorderDepth is the number of frames that may come before a frame in decode
// order and after it in display order: the delay, in frames, that decode times
// need against presentation times. declared tells that the stream itself says
// so; otherwise the depth is the bound that level and picture size put on the
// decoded picture buffer, and the true one is usually smaller.
func (s *SPS) ReorderDepth() (depth int, declared bool) {
	switch {
	case s.pocType == 2: // 8.2.1.3: output order is decoding order
		return 0, true
	case s.ProfileIDC == 66: // no B slices; see RTMP practice, not the letter
		return 0, true
	case s.reorder >= 0:
		return s.reorder, true
	case s.isIntraOnly(): // E.2.1: inferred to be 0
		return 0, true
	}
	return s.dpbFrames(), false
}

// isIntraOnly tells the profiles of A.2 whose pictures are all IDR pictures.
func (s *SPS) isIntraOnly() bool {
	switch s.ProfileIDC {
	case 44, 86, 100, 110, 122, 244:
		return s.Constraints&constraintSet3 != 0
	}
	return false
}

// dpbFrames is MaxDpbFrames (A.3.1 h).
func (s *SPS) dpbFrames() int {
	level := s.LevelIDC
	if isLevel1b(s.ProfileIDC, s.Constraints, level) {
		level = 9
	}
	mbs, known := dpbMBs[level]
	if !known || s.frameSizeInMBs == 0 {
		return maxDPBFrames
	}
	return max(1, min(mbs/s.frameSizeInMBs, maxDPBFrames))
}
