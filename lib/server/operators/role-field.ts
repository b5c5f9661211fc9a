import { z } from "zod";
import { ROLES } from "@/lib/core/operators/roles";

export const roleField = z.enum(ROLES, "Choose a role.");
